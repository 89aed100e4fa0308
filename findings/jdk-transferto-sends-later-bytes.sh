#!/usr/bin/env bash
# FileChannel.transferTo lends the memory to the kernel: what is written after it returns is what the peer reads.
#
# Versions: JDK 17 and 25 (whichever "java" is), seen on Linux 6.18 (older than 6.5 is not tried); a file on tmpfs or a disk.
# Guess:    when transferTo has returned the bytes are sent, as after write(); the frame's memory can be used
#           for the next picture. "Zero copy" only saves the way through user space.
# Seen:     transferTo is sendfile(2), and the socket (or pipe) holds references to the file's pages until the peer
#           has read them. A change through a mapping reaches frames that were "sent" before it, in Unix and in TCP
#           sockets. write() of the same mapping is safe. A ring of shared frames sent by transferTo tears
#           under load, and never in a test where the reader is quick.
#           JDK 17 lends pages to a java.nio.channels.Pipe too; JDK 25 copies there (shown, not checked).
# Output:   write      to Unix socket: 32768 bytes sent, 32768 as they were then
#           transferTo to Unix socket: 32768 bytes sent, 0 as they were then        (TCP the same)
# Exit:     0 as described, 1 it changed, 2 the kernel is older than 6.5 or there is no JDK of 17 or later.
set -u
dir=$(mktemp -d) && trap 'rm -rf "$dir"' EXIT
printf '6.5\n%s\n' "$(uname -r)" | sort -CV || { echo "kernel too old: $(uname -r)"; exit 2; }

cat >"$dir/Later.java" <<'JAVA'
import java.net.*;
import java.nio.*;
import java.nio.channels.*;
import java.nio.file.*;

public class Later {
    static final int SIZE = 32768;
    static MappedByteBuffer frame;
    static FileChannel file;

    public static void main(String[] args) throws Exception {
        Path folder = Path.of(args[0]);
        file = FileChannel.open(folder.resolve("frame"),
                StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
        frame = file.map(FileChannel.MapMode.READ_WRITE, 0, SIZE);
        boolean asSeen = true;
        SocketAddress unix = UnixDomainSocketAddress.of(folder.resolve("socket"));
        SocketAddress tcp = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        for (SocketAddress address : new SocketAddress[] {unix, tcp}) {
            String name = address == unix ? "Unix socket" : "TCP socket ";
            ServerSocketChannel server = address == unix
                    ? ServerSocketChannel.open(StandardProtocolFamily.UNIX) : ServerSocketChannel.open();
            server.bind(address);
            SocketChannel out = SocketChannel.open(server.getLocalAddress()), in = server.accept();
            asSeen &= send(name, out, in, false) == SIZE;
            asSeen &= send(name, out, in, true) == 0;
        }
        Pipe pipe = Pipe.open();
        send("pipe       ", pipe.sink(), pipe.source(), true);
        System.exit(asSeen ? 0 : 1);
    }

    /** Sends a frame of ones, fills it with twos, and only then reads: how many ones come. */
    static int send(String name, WritableByteChannel out, ReadableByteChannel in, boolean transfer) throws Exception {
        fill((byte) 1);
        long sent = transfer ? file.transferTo(0, SIZE, out) : out.write(frame.duplicate());
        fill((byte) 2);
        ByteBuffer received = ByteBuffer.allocate((int) sent);
        while (received.hasRemaining()) in.read(received);
        int ones = 0;
        for (byte b : received.array()) if (b == 1) ones++;
        System.out.printf("%-10s to %s: %d bytes sent, %d as they were then%n",
                transfer ? "transferTo" : "write", name, sent, ones);
        return ones;
    }

    static void fill(byte value) {
        for (int i = 0; i < SIZE; i++) frame.put(i, value);
    }
}
JAVA
javac -d "$dir" "$dir/Later.java" || exit 2
java -version 2>&1 | head -1
java -cp "$dir" Later "$dir"
