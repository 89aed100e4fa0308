/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.kernel.Parcel;
import java.util.ArrayList;
import java.util.List;

/** A message in a queue, with ends of its own for the rights in it. */
final class FakeMessage {
    final FakeSender sender;
    final boolean once;

    private final byte[] bytes;
    private final List<FakeSendEnd> rights = new ArrayList<>();

    FakeMessage(Parcel parcel, FakeSender sender, boolean once) {
        this.sender = sender;
        this.once = once;
        this.bytes = new byte[parcel.size()];
        parcel.buffer().bytes().get(0, bytes);
        for (int i = 0; i < parcel.rightCount(); i++) {
            rights.add(((FakeSendEnd) parcel.right(i)).copyFor(sender));
        }
    }

    int size() {
        return bytes.length;
    }

    /** Hands bytes and rights over to a task that receives. */
    void moveTo(Parcel parcel, FakeSender receiver) {
        parcel.size(bytes.length);
        parcel.buffer().bytes().put(0, bytes);
        for (FakeSendEnd right : rights) {
            parcel.add(right.copyFor(receiver));
        }
        parcel.sender(sender.pid(), sender.uid(), sender.gid());
        parcel.sentOnce(once);
        destroy();
    }

    void destroy() {
        rights.forEach(FakeSendEnd::close);
    }
}
