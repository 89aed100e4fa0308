/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.MessageBuffer;
import io.machframe.core.platform.kernel.MemoryBlock;
import io.machframe.core.platform.kernel.Parcel;
import io.machframe.core.platform.kernel.PortEnd;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A message in a queue, with ends of its own for the rights in it. */
final class FakeMessage {
    final FakeSender sender;
    final boolean once;

    private final boolean notice;
    private final byte[] bytes;
    private final byte[] extra;
    private final List<PortEnd> rights = new ArrayList<>();
    private final List<MemoryBlock> blocks = new ArrayList<>();

    FakeMessage(Parcel parcel, FakeSender sender, boolean once, FakePort queue) {
        this.sender = sender;
        this.once = once;
        this.notice = parcel.isNotice();
        this.bytes = new byte[parcel.size()];
        parcel.buffer().bytes().get(0, bytes);
        this.extra = new byte[parcel.extraSize()];
        if (extra.length > 0) {
            parcel.extra().bytes().get(0, extra);
        }
        for (int i = 0; i < parcel.rightCount(); i++) {
            PortEnd right = parcel.right(i);
            rights.add(right instanceof FakePort port ? port.travel(queue) : ((FakeEnd) right).copyFor(sender));
        }
        for (int i = 0; i < parcel.blockCount(); i++) {
            blocks.add(FakeMemory.copyOf(parcel.block(i)));
        }
    }

    int size() {
        return bytes.length;
    }

    /** Hands bytes and rights over to a task that receives. */
    void moveTo(Parcel parcel, FakeSender receiver) {
        parcel.size(bytes.length);
        parcel.buffer().bytes().put(0, bytes);
        for (PortEnd right : rights) {
            if (right instanceof FakePort port) {
                port.arrive(receiver);
                parcel.add(port);
            } else {
                parcel.add(((FakeEnd) right).copyFor(receiver));
                right.close();
            }
        }
        blocks.forEach(parcel::add);
        parcel.extra(new MessageBuffer(ByteBuffer.wrap(extra), 0), extra.length);
        parcel.sender(sender.pid(), sender.uid(), sender.gid());
        parcel.sentOnce(once);
        parcel.notice(notice);
    }

    void destroy() {
        rights.forEach(PortEnd::close);
        blocks.forEach(MemoryBlock::close);
    }
}
