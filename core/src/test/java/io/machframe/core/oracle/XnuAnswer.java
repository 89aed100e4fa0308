/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Reads what the remarks say XNU answers to a step: a code, a type, a few fields, in half a sentence. What it does not
 * understand of the rest is for people, and the recorded fields that such a remark may be about are not compared.
 */
final class XnuAnswer {
    private static final Pattern CODE = Pattern.compile("^((?:KERN|MACH|MIG)_[A-Z_]+)");
    private static final Pattern TYPE = Pattern.compile("(?:^|type )((?:SEND|RECEIVE|DEAD_NAME|PORT_SET)[A-Z_|]*)");
    private static final Pattern REFS = Pattern.compile("refs (\\d+)");
    private static final Pattern MESSAGE_ID = Pattern.compile("\\bid (\\d+)");
    private static final Pattern FROM = Pattern.compile("from ([A-Z]\\w*)$");
    private static final Pattern ARRIVES = Pattern.compile("arrives under ([A-Z]\\w*)");
    private static final Pattern SEQUENCE = Pattern.compile("seqno (\\d+)");
    private static final Pattern QUEUED = Pattern.compile("msgcount (\\d+)");
    private static final Pattern SET = Pattern.compile("pset field is (\\d+)");

    private XnuAnswer() {}

    /** Returns {@code recorded}, which another kernel answered, as XNU answers it. */
    static Answer of(String remark, Answer recorded) {
        Matcher code = CODE.matcher(remark);
        String name = code.find() ? code.group(1) : success(remark, recorded);
        Map<String, String> members = new TreeMap<>();
        put(members, "out.type", TYPE, remark);
        put(members, "out.refs", REFS, remark);
        put(members, "msg.id", MESSAGE_ID, remark);
        put(members, "msg.local", FROM, remark);
        put(members, "msg.body.0", ARRIVES, remark);
        put(members, "out.pset", SET, remark);
        members.computeIfPresent("msg.body.0", (key, port) -> port + " MOVE_RECEIVE");
        if (remark.startsWith("COMPLEX")) {
            members.put("msg.complex", "true");
        }
        if (remark.equals("port-destroyed notification")) {
            members.put("msg.id", "69");
        }
        put(members, "msg.seqno", SEQUENCE, remark);
        put(members, "out.msgcount", QUEUED, remark);
        if (FROM.matcher(remark).find()) {
            return new Answer(name, members);
        }
        return recorded.with(name, members);
    }

    private static String success(String remark, Answer recorded) {
        boolean message = recorded.code() != null && recorded.code().startsWith("MACH");
        return message
                ? "MACH_MSG_SUCCESS"
                : remark.isEmpty() && recorded.code() != null ? recorded.code() : "KERN_SUCCESS";
    }

    private static void put(Map<String, String> members, String key, Pattern pattern, String remark) {
        Matcher matcher = pattern.matcher(remark);
        if (matcher.find()) {
            members.put(key, matcher.group(1));
        }
    }
}
