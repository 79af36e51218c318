package io.millrace.jobs;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.TreeSet;

/** Where two JSON files differ first. */
final class Difference {

  private static final int LONGEST = 60;

  private Difference() {}

  /** The path of the first figure that differs, and both figures; empty where none does. */
  static String first(JsonNode was, JsonNode is) {
    return first("", was, is);
  }

  private static String first(String path, JsonNode was, JsonNode is) {
    if (was.equals(is)) {
      return "";
    }
    if (was.isObject() && is.isObject()) {
      TreeSet<String> names = new TreeSet<>();
      was.fieldNames().forEachRemaining(names::add);
      is.fieldNames().forEachRemaining(names::add);
      for (String name : names) {
        String found = first(path + "." + name, was.path(name), is.path(name));
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    if (was.isArray() && is.isArray()) {
      for (int i = 0; i < Math.max(was.size(), is.size()); i++) {
        String found = first(path + "[" + i + "]", was.path(i), is.path(i));
        if (!found.isEmpty()) {
          return found;
        }
      }
    }
    return path + ": was " + shown(was) + ", is " + shown(is);
  }

  private static String shown(JsonNode node) {
    if (node.isMissingNode()) {
      return "not there";
    }
    String text = node.toString();
    return text.length() > LONGEST ? text.substring(0, LONGEST) + "…" : text;
  }
}
