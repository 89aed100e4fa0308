/* SPDX-License-Identifier: Apache-2.0 */
package io.machframe.core.docs;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.xml.parsers.DocumentBuilderFactory;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;

/**
 * The rules of {@code .mvn/import-control.xml} as Checkstyle applies them: the first that matches decides, inner packages
 * before outer ones, and what none matches is refused.
 */
final class ImportRules {
    private final Element root;

    private ImportRules(Element root) {
        this.root = root;
    }

    static ImportRules read(Path file) throws Exception {
        DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
        factory.setFeature("http://apache.org/xml/features/nonvalidating/load-external-dtd", false);
        return new ImportRules(factory.newDocumentBuilder().parse(file.toFile()).getDocumentElement());
    }

    /** Returns whether a class of a package may use something of another one: each may, or one that is named. */
    boolean allowSomewhere(String packageName, String used) {
        List<Element> path = path(packageName);
        return allow(packageName, used + ".Type")
                || children(path.get(path.size() - 1)).stream()
                        .filter(element -> element.getTagName().equals("file"))
                        .flatMap(file -> children(file).stream())
                        .anyMatch(rule -> matches(rule, used + ".Type")
                                || rule.getAttribute("class").startsWith(used + "."));
    }

    /** Returns whether each class of a package may import another class. */
    boolean allow(String packageName, String className) {
        List<Element> path = path(packageName);
        for (int i = path.size() - 1; i >= 0; i--) {
            boolean exact = name(path, i).equals(packageName);
            for (Element rule : children(path.get(i))) {
                if (isRule(rule) && (exact || !isLocal(rule)) && matches(rule, className)) {
                    return rule.getTagName().equals("allow");
                }
            }
        }
        return false;
    }

    /** The elements from the outermost to the innermost that has a package. */
    private List<Element> path(String packageName) {
        List<Element> path = new ArrayList<>(List.of(root));
        String rest = packageName.substring(root.getAttribute("pkg").length());
        boolean deeper = true;
        while (deeper && !rest.isEmpty()) {
            deeper = false;
            for (Element inner : children(path.get(path.size() - 1))) {
                String name = "." + inner.getAttribute("name");
                if (inner.getTagName().equals("subpackage") && (rest + ".").startsWith(name + ".")) {
                    path.add(inner);
                    rest = rest.substring(name.length());
                    deeper = true;
                    break;
                }
            }
        }
        return path;
    }

    private static String name(List<Element> path, int depth) {
        StringBuilder name = new StringBuilder(path.get(0).getAttribute("pkg"));
        for (Element inner : path.subList(1, depth + 1)) {
            name.append('.').append(inner.getAttribute("name"));
        }
        return name.toString();
    }

    private static boolean isRule(Element element) {
        return element.getTagName().equals("allow") || element.getTagName().equals("disallow");
    }

    private static boolean isLocal(Element rule) {
        return rule.getAttribute("local-only").equals("true");
    }

    private static boolean matches(Element rule, String className) {
        boolean regex = rule.getAttribute("regex").equals("true");
        if (rule.hasAttribute("class")) {
            String pattern = rule.getAttribute("class");
            return regex ? className.matches(pattern) : className.equals(pattern);
        }
        String pattern = rule.getAttribute("pkg");
        if (regex) {
            return className.matches(pattern + "\\..*");
        }
        boolean inside = className.startsWith(pattern + ".");
        boolean exact = rule.getAttribute("exact-match").equals("true");
        return inside && !(exact && className.indexOf('.', pattern.length() + 1) >= 0);
    }

    private static List<Element> children(Element element) {
        List<Element> children = new ArrayList<>();
        NodeList nodes = element.getChildNodes();
        for (int i = 0; i < nodes.getLength(); i++) {
            if (nodes.item(i) instanceof Element child) {
                children.add(child);
            }
        }
        return children;
    }
}
