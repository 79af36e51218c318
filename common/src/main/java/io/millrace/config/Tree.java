package io.millrace.config;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * YAML before it is bound. A scalar keeps the text that was written: YAML 1.1 would make {@code y}
 * and {@code yes} a boolean, and {@code 1.10} a number, before anyone knows that a text is meant.
 */
sealed interface Tree {

  /** Where it was written: a file, or {@code --set}. */
  String origin();

  /** What a fault calls it: {@code "many"}, {@code a list}. */
  String found();

  /**
   * A scalar.
   *
   * @param value its text, with variables filled in
   * @param shown its text as it may be printed: secrets masked
   * @param plain whether it was written without quotes
   */
  record Text(String value, String shown, boolean plain, String origin) implements Tree {

    /** The same place with another text. */
    Text withValue(String other) {
      return new Text(other, shown, plain, origin);
    }

    /** Whether nothing at all was written behind the key. */
    boolean isMissing() {
      return plain && value.isEmpty();
    }

    @Override
    public String found() {
      return '"' + shown + '"';
    }
  }

  /** A list. */
  record Items(List<Tree> items, String origin) implements Tree {
    public Items {
      items = List.copyOf(items);
    }

    @Override
    public String found() {
      return "a list";
    }
  }

  /** A map, in the order of the file. */
  record Fields(Map<String, Tree> fields, String origin) implements Tree {
    public Fields {
      fields = Collections.unmodifiableMap(new LinkedHashMap<>(fields));
    }

    @Override
    public String found() {
      return "a map";
    }
  }

  /** The origin of the deepest node on the way. */
  default String originOf(KeyPath path) {
    Tree node = this;
    for (Object segment : path.segments()) {
      Tree next = null;
      if (node instanceof Fields map) {
        next = map.fields().get(String.valueOf(segment));
      } else if (node instanceof Items list
          && segment instanceof Integer i
          && i < list.items().size()) {
        next = list.items().get(i);
      }
      if (next == null) {
        return node.origin();
      }
      node = next;
    }
    return node.origin();
  }

  /** The same map with one more or another value. */
  static Fields with(Fields map, String key, Tree value) {
    Map<String, Tree> fields = new LinkedHashMap<>(map.fields());
    fields.put(key, value);
    return new Fields(fields, map.origin());
  }

  /** The same list with another value at a position. */
  static Items with(Items list, int position, Tree value) {
    List<Tree> items = new ArrayList<>(list.items());
    items.set(position, value);
    return new Items(items, list.origin());
  }
}
