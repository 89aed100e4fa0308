/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.testing;

/** Who a task of the {@link FakeKernel} is to those who receive from it. */
record FakeSender(int pid, int uid, int gid) {}
