/* SPDX-License-Identifier: Apache-2.0 */
module example.stream {
    requires io.machframe.surface;
}
