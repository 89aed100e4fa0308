/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

import io.machframe.core.platform.kernel.SendEnd;

/** What a send right is made of in a {@link FakeKernel}: each holder has its own. */
interface FakeEnd extends SendEnd {
    /** Returns one for another holder. */
    FakeEnd copyFor(FakeSender other);
}
