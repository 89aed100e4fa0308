/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.linux.name;

import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/** How a service name is spelled as a file's: readable if it is short and plain, else shortened by a digest. */
final class ServiceFile {
    private static final int MAX_PLAIN = 60;
    private static final int KEPT = 24;

    private ServiceFile() {}

    static String of(String service) {
        StringBuilder plain = new StringBuilder();
        byte[] bytes = service.getBytes(StandardCharsets.UTF_8);
        for (byte b : bytes) {
            boolean safe =
                    (b >= '0' && b <= '9') || (b >= 'a' && b <= 'z') || (b >= 'A' && b <= 'Z') || b == '-' || b == '_';
            if (safe || (b == '.' && !plain.isEmpty())) {
                plain.append((char) b);
            } else {
                plain.append('%').append(String.format("%02X", b & 0xff));
            }
        }
        return plain.length() <= MAX_PLAIN ? plain.toString() : plain.substring(0, KEPT) + "%~" + digest(bytes);
    }

    private static String digest(byte[] bytes) {
        try {
            byte[] hash = MessageDigest.getInstance("SHA-256").digest(bytes);
            return String.format("%064x", new BigInteger(1, hash)).substring(0, 32);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java platform has SHA-256", e);
        }
    }
}
