/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.oracle;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;

/**
 * A short sequence of port operations and what a Mach kernel answered to each.
 *
 * @param id for example {@code A01}
 * @param ordered whether the order in which waiting threads are served is part of the answer
 * @param xnu what XNU answers instead, in words, by step
 * @param steps the operations, as read
 */
record Scenario(String id, boolean ordered, Map<Integer, String> xnu, List<Map<String, Object>> steps) {
    static List<Scenario> read(Path file) {
        try {
            return parse(Files.readString(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Returns the scenarios that are among the resources. */
    static List<Scenario> shared() {
        return parse(text("/mach-oracle/traces.json"));
    }

    /**
     * Returns what follows from XNU's answers in later steps of the shared scenarios, in the words of the remarks, by
     * scenario and step.
     */
    static Map<String, Map<Integer, String>> consequences() {
        Map<String, Map<Integer, String>> all = new TreeMap<>();
        text("/mach-oracle/consequences.txt")
                .lines()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .forEach(line -> {
                    String[] parts = line.split(" ", 3);
                    all.computeIfAbsent(parts[0], id -> new TreeMap<>()).put(Integer.valueOf(parts[1]), parts[2]);
                });
        return all;
    }

    private static String text(String resource) {
        try (InputStream stream = Scenario.class.getResourceAsStream(resource)) {
            return new String(Objects.requireNonNull(stream).readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static List<Scenario> parse(String json) {
        List<Scenario> scenarios = new ArrayList<>();
        for (Object scenario : list(map(Json.parse(json)).get("scenarios"))) {
            scenarios.add(of(map(scenario)));
        }
        return scenarios;
    }

    private static Scenario of(Map<String, Object> members) {
        Map<String, Object> xnu = members.containsKey("xnu") ? map(members.get("xnu")) : Map.of();
        Map<Integer, String> answers = new TreeMap<>();
        for (Object difference : list(xnu.getOrDefault("differing_ops", List.of()))) {
            answers.put((int) (long) (Long) map(difference).get("op"), (String)
                    map(difference).get("xnu"));
        }
        List<Map<String, Object>> steps = new ArrayList<>();
        list(members.get("ops")).forEach(step -> steps.add(map(step)));
        return new Scenario((String) members.get("id"), !"unspecified".equals(xnu.get("verdict")), answers, steps);
    }

    boolean hasSeveralTasks() {
        return steps.stream().anyMatch(step -> "task_create".equals(step.get("op")));
    }

    @SuppressWarnings("unchecked")
    static Map<String, Object> map(Object value) {
        return (Map<String, Object>) value;
    }

    @SuppressWarnings("unchecked")
    static List<Object> list(Object value) {
        return (List<Object>) value;
    }
}
