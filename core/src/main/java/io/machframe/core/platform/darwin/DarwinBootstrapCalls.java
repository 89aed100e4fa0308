/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.darwin;

import com.sun.jna.Pointer;
import io.machframe.core.error.KernReturn;
import io.machframe.core.error.MachException;
import io.machframe.core.platform.BootstrapCalls;
import io.machframe.core.platform.LiveFiles;
import io.machframe.core.platform.Mach;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/**
 * Service names as launchd keeps them, for this process's bootstrap domain (its login session).
 *
 * <p>A name that is no text, holds a 0 or has more than {@link #MAX_NAME_BYTES} bytes is
 * {@link KernReturn#KERN_INVALID_ARGUMENT}: libSystem itself would cut it, silently, and so hit another service.
 *
 * <p>Not run on a Mac yet.
 */
final class DarwinBootstrapCalls implements BootstrapCalls {
    /** Places in the thread's scratch memory. */
    private static final int PORT = 0;

    private static final int NAME = 4;

    private final Pointer bootstrapPort;

    /** @param bootstrapPort where the variable {@code bootstrap_port} lies: a program may set it, so each call reads it */
    DarwinBootstrapCalls(Pointer bootstrapPort) {
        this.bootstrapPort = bootstrapPort;
    }

    @Override
    public int checkIn(String name, int[] port) {
        Scratch scratch = Scratch.ofThread();
        if (!putName(scratch, name)) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        int code = LibSystem.bootstrap_check_in(bootstrapPort.getInt(0), scratch.at(NAME), scratch.at(PORT));
        if (code == KernReturn.KERN_SUCCESS) {
            port[0] = scratch.getInt(PORT);
        }
        return code;
    }

    @Override
    public int lookUp(String name, int timeoutMillis, int[] port) {
        Scratch scratch = Scratch.ofThread();
        if (!putName(scratch, name)) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        int code = LibSystem.bootstrap_look_up(bootstrapPort.getInt(0), scratch.at(NAME), scratch.at(PORT));
        if (code != KernReturn.KERN_SUCCESS) {
            return code;
        }
        return found(scratch.getInt(PORT), port);
    }

    @Override
    public int register(String name, int right) {
        Scratch scratch = Scratch.ofThread();
        if (!putName(scratch, name)) {
            return KernReturn.KERN_INVALID_ARGUMENT;
        }
        return LibSystem.bootstrap_register(bootstrapPort.getInt(0), scratch.at(NAME), right);
    }

    /** A server that dies while launchd answers is success without a right: the same to a caller as no server. */
    private static int found(int name, int[] port) {
        if (Mach.isNullOrDead(name)) {
            return KernReturn.BOOTSTRAP_UNKNOWN_SERVICE;
        }
        port[0] = name;
        return KernReturn.KERN_SUCCESS;
    }

    private static boolean putName(Scratch scratch, String name) {
        if (name.indexOf('\0') >= 0) {
            return false;
        }
        try {
            ByteBuffer text = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(name));
            if (text.remaining() > MAX_NAME_BYTES) {
                return false;
            }
            scratch.putString(NAME, text);
            return true;
        } catch (CharacterCodingException e) {
            return false;
        }
    }

    @Override
    public String location() {
        return "the bootstrap server of this login session";
    }

    /** The temporary directory of macOS is the user's own. */
    @Override
    public String directory() {
        return System.getProperty("java.io.tmpdir") + "/machframe";
    }

    @Override
    public LiveFiles openFiles(String name, String suffix) throws MachException {
        return DarwinLiveFiles.open(Path.of(directory(), name), suffix);
    }
}
