/* SPDX-License-Identifier: Apache-2.0 */
module example.gstreamer {
    requires io.machframe.surface;
    requires org.freedesktop.gstreamer;
}
