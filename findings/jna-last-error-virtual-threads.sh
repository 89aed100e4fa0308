#!/usr/bin/env bash
# JNA's Native.getLastError belongs to the carrier, not to the virtual thread that made the call.
#
# Versions: JNA 5.19.1 on JDK 25 (JDK 21 or later is needed), Linux. JDK: $JAVA_HOME, else the "java" of the PATH.
# Guess:    getLastError() is "the last error of the calling thread", and a virtual thread is a Thread: its value
#           stays put while the thread sleeps, and a new thread starts with 0.
# Seen:     JNA keeps errno in the storage of the operating system's thread. After a pause (sleep, lock, log line,
#           socket) the virtual thread may be on another carrier and reads that one's errno: the open that failed
#           with ENOENT (2) is reported as EBADF (9) of somebody else. A brand-new virtual thread starts with the
#           errno of a stranger. Straight after the call the value is right; LastErrorException is safe.
# Output:   straight after the call: 2 in 200 of 200 virtual threads
#           after a pause of 1 ms:   wrong in 117 of 200 (varies), in 0 of 20 platform threads
#           new virtual threads that made no call and see an errno: 50 of 50
# Exit:     0 as described, 1 it changed, 2 the pinned versions cannot be had.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
bin=${JAVA_HOME:+$JAVA_HOME/bin/}
version=$("${bin}java" -version 2>&1 | sed -n '1s/^[^"]*"\([0-9]*\).*/\1/p')
[ "${version:-0}" -ge 21 ] || { echo "needs JDK 21 or later, set JAVA_HOME"; exit 2; }
mvn -B -ntp -q dependency:copy -Dartifact=net.java.dev.jna:jna:5.19.1 -DoutputDirectory="$dir" >"$dir/log" 2>&1 || {
    echo "JNA 5.19.1 is not available"; exit 2; }

cat >"$dir/LastError.java" <<'JAVA'
import com.sun.jna.*;
import java.util.concurrent.*;

public class LastError {
    interface LibC extends Library {
        int open(String path, int flags);
        int close(int descriptor);
    }

    static final LibC C = Native.load("c", LibC.class);

    public static void main(String[] args) throws Exception {
        ExecutorService virtual = Executors.newVirtualThreadPerTaskExecutor();
        int right = 0, changed = 0, changedOnPlatform = 0, inherited = 0;
        for (int i = 0; i < 200; i++) {
            Future<int[]> first = virtual.submit(LastError::openAndPause);
            virtual.submit(() -> C.close(-1));
            if (first.get()[0] == 2) right++;
            if (first.get()[1] != first.get()[0]) changed++;
        }
        for (int i = 0; i < 20; i++) {
            FutureTask<int[]> task = new FutureTask<>(LastError::openAndPause);
            new Thread(task).start();
            if (task.get()[1] != 2) changedOnPlatform++;
        }
        for (int i = 0; i < 50; i++) {
            virtual.submit(() -> C.close(-1)).get();
            if (virtual.submit(() -> Native.getLastError()).get() != 0) inherited++;
        }
        System.out.println("straight after the call: 2 in " + right + " of 200 virtual threads");
        System.out.println("after a pause of 1 ms:   wrong in " + changed + " of 200, in "
                + changedOnPlatform + " of 20 platform threads");
        System.out.println("new virtual threads that made no call and see an errno: " + inherited + " of 50");
        System.exit(right == 200 && changed > 0 && changedOnPlatform == 0 && inherited > 0 ? 0 : 1);
    }

    static int[] openAndPause() throws InterruptedException {
        C.open("/nonexistent", 0);
        int straight = Native.getLastError();
        Thread.sleep(1);
        return new int[] {straight, Native.getLastError()};
    }
}
JAVA
"${bin}javac" -cp "$dir/jna-5.19.1.jar" -d "$dir" "$dir/LastError.java" || exit 2
"${bin}java" -Djdk.virtualThreadScheduler.parallelism=2 -Djna.tmpdir="$dir" --enable-native-access=ALL-UNNAMED \
    -cp "$dir/jna-5.19.1.jar:$dir" LastError
