/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.platform.kernel;

/** Memory on its way in a message, out of line. Belongs to the {@link Parcel} it is in. One thread at a time. */
public interface MemoryBlock {
    /** Releases what only this block holds; memory that is still in its sender's hands stays there. */
    void close();
}
