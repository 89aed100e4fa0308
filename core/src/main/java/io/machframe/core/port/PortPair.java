/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.port;

/**
 * Both rights to a port that was made just now. A value, which owns nothing: its rights are closed one by one, or
 * together by {@link ReceiveRight#destruct}.
 */
public record PortPair(ReceiveRight receive, SendRight send) {}
