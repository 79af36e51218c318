package io.millrace.config;

import java.util.ArrayList;
import java.util.List;

/** The way to a key: {@code promote.gates[0].metric}. Segments are keys (text) and positions. */
record KeyPath(List<Object> segments) {

  static final KeyPath ROOT = new KeyPath(List.of());

  KeyPath {
    segments = List.copyOf(segments);
  }

  static KeyPath of(Object... segments) {
    return new KeyPath(List.of(segments));
  }

  /** The way to a key (a text) or a position (a whole number, from 0) below this one. */
  KeyPath then(Object... more) {
    List<Object> longer = new ArrayList<>(segments);
    longer.addAll(List.of(more));
    return new KeyPath(longer);
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (Object segment : segments) {
      if (segment instanceof Integer position) {
        text.append('[').append(position).append(']');
      } else {
        text.append(text.isEmpty() ? "" : ".").append(segment);
      }
    }
    return text.toString();
  }
}
