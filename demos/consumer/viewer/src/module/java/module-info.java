/* SPDX-License-Identifier: Apache-2.0 */
module example.viewer {
    requires io.machframe.viewer;
}
