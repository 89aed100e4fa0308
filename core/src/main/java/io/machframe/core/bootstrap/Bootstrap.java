/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.bootstrap;

import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.error.ServiceActiveException;
import io.machframe.core.error.UnknownServiceException;
import io.machframe.core.internal.PortAccess;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.Platform;
import io.machframe.core.port.ReceiveRight;
import io.machframe.core.port.SendRight;
import io.machframe.core.port.Task;
import java.nio.charset.StandardCharsets;
import java.time.Duration;

/**
 * Names that lead from one process to a port of another, though the two share nothing else.
 *
 * <p>On macOS this is the bootstrap server: a name is seen in one login session. On Linux a name is a socket in a
 * directory of the user's alone, served by the process that checked it in. On both, a name is free as soon as its
 * holder closes the receive right or ends, however it ends. For any thread.
 */
public final class Bootstrap {
    private Bootstrap() {}

    /**
     * Takes a name, {@code bootstrap_check_in}. Closing the right gives the name up.
     *
     * @param name 1 to 127 bytes of UTF-8
     * @throws ServiceActiveException if a live process serves the name
     * @throws IllegalArgumentException if the name is empty, too long or has a 0 character in it
     */
    public static ReceiveRight checkIn(String name) throws MachException {
        requireName(name);
        Platform.require("bootstrap_check_in");
        int[] port = new int[1];
        check("bootstrap_check_in", name, calls().checkIn(name, port));
        try {
            return PortAccess.get().adoptReceive(Task.self(), port[0], 0);
        } catch (Error e) { // or the name would be taken as long as this process lives
            PortAccess.get().calls(Task.self()).destruct(port[0], 0, 0);
            throw e;
        }
    }

    /**
     * Finds the port that serves a name, {@code bootstrap_look_up}.
     *
     * @param limit how long a server may take that is stopped or busy, in whole milliseconds and at least one; on macOS the
     *     bootstrap server answers and it is not used
     * @throws UnknownServiceException if no process serves the name
     * @throws InterruptedException if the thread is interrupted before the server answers
     * @throws MachException {@code MACH_RCV_TIMED_OUT} if the server does not answer in that time
     */
    public static SendRight lookUp(String name, Duration limit) throws MachException, InterruptedException {
        requireName(name);
        Platform.require("bootstrap_look_up");
        int[] port = new int[1];
        boolean longest = limit.compareTo(Duration.ofMillis(Integer.MAX_VALUE)) >= 0;
        int millis = longest ? Integer.MAX_VALUE : (int) Math.max(limit.toMillis(), 1);
        int code = calls().lookUp(name, millis, port);
        if (code == KernReturn.MACH_RCV_INTERRUPTED && Thread.interrupted()) {
            throw new InterruptedException("interrupted while the server of the name \"" + name + "\" did not answer");
        }
        check("bootstrap_look_up", name, code);
        return PortAccess.get().adoptSend(Task.self(), port[0]);
    }

    /**
     * Takes a name for a port that is there already, this process's or another's, {@code bootstrap_register}: whoever
     * looks it up gets a copy of {@code right}, which stays the caller's.
     *
     * <p>The name is free again when the registration is closed, the port dies, or this process ends. Apple calls the
     * function deprecated; it is the only one that gives a name to an existing port.
     *
     * @return gives the name up when it is closed; the caller closes it in any case
     * @throws ServiceActiveException if a live process, perhaps this one, serves the name
     * @throws MachException {@code KERN_INVALID_CAPABILITY} if the port is dead
     */
    public static Registration register(String name, SendRight right) throws MachException {
        requireName(name);
        Registration registration = new Registration(name, right.copy());
        try {
            check("bootstrap_register", name, registration.register());
            return registration;
        } catch (MachException e) {
            registration.forget();
            throw e;
        }
    }

    static BootstrapCalls calls() {
        return Platform.current().bootstrap();
    }

    private static void requireName(String name) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(name)) {
            throw new IllegalArgumentException("a service name is text: \"" + name + "\" has half of a character pair");
        }
        int size = name.getBytes(StandardCharsets.UTF_8).length;
        if (size == 0 || size > BootstrapCalls.MAX_NAME_BYTES || name.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("a service name has 1 to " + BootstrapCalls.MAX_NAME_BYTES
                    + " bytes of UTF-8 and no 0 in it; \"" + name + "\" has " + size);
        }
    }

    private static void check(String call, String name, int code) throws MachException {
        if (code == KernReturn.KERN_SUCCESS) {
            return;
        }
        KernReturn reason = new KernReturn(code);
        switch (code) {
            case KernReturn.BOOTSTRAP_SERVICE_ACTIVE, KernReturn.BOOTSTRAP_NAME_IN_USE ->
                throw new ServiceActiveException(
                        call, reason, "the name \"" + name + "\" is served by another process");
            case KernReturn.BOOTSTRAP_UNKNOWN_SERVICE ->
                throw new UnknownServiceException(call, reason, "nobody serves the name \"" + name + "\"");
            case KernReturn.BOOTSTRAP_NOT_PRIVILEGED ->
                throw new MachException(call, reason, "names cannot be used in " + calls().location());
            case KernReturn.MACH_RCV_TIMED_OUT ->
                throw new MachException(call, reason, "the server of the name \"" + name + "\" does not answer");
            default -> throw MachException.of(call, reason);
        }
    }
}
