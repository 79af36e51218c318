package io.millrace.model;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * The known levels of a category, in order, with an open-addressing table (linear probing, half
 * full at the most) over their UTF-8 bytes, so that a look-up needs no String. Immutable; equal
 * when the levels are.
 */
public final class Levels implements Serializable {

  private static final long serialVersionUID = 1L;

  private final List<String> names;
  private final byte[][] bytes;
  private final int[] table;

  private Levels(List<String> names) {
    this.names = List.copyOf(names);
    bytes = new byte[names.size()][];
    table = new int[Integer.highestOneBit(Math.max(1, names.size())) * 4];
    Arrays.fill(table, -1);
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = names.get(i).getBytes(StandardCharsets.UTF_8);
      insert(i);
    }
  }

  /**
   * The levels with these names, in this order.
   *
   * @throws IllegalArgumentException when a level stands twice
   */
  @JsonCreator
  public static Levels of(List<String> names) {
    return new Levels(names);
  }

  private void insert(int level) {
    byte[] b = bytes[level];
    if (find(b, 0, b.length) >= 0) {
      throw new IllegalArgumentException("level \"" + names.get(level) + "\" stands twice");
    }
    int slot = hash(b, 0, b.length) & (table.length - 1);
    while (table[slot] >= 0) {
      slot = (slot + 1) & (table.length - 1);
    }
    table[slot] = level;
  }

  /** The index of the level with these UTF-8 bytes; -1 when it isn't known. */
  public int find(byte[] text, int start, int length) {
    int slot = hash(text, start, length) & (table.length - 1);
    for (int level = table[slot]; level >= 0; level = table[slot]) {
      byte[] b = bytes[level];
      if (b.length == length && Arrays.equals(b, 0, length, text, start, start + length)) {
        return level;
      }
      slot = (slot + 1) & (table.length - 1);
    }
    return -1;
  }

  /** FNV-1a, with a last mix because only the low bits are used. */
  private static int hash(byte[] text, int start, int length) {
    int h = 0x811c9dc5;
    for (int i = start; i < start + length; i++) {
      h = (h ^ (text[i] & 0xff)) * 0x01000193;
    }
    return h ^ (h >>> 15);
  }

  /** The levels in order. */
  @JsonValue
  public List<String> names() {
    return names;
  }

  /** Number of levels. */
  public int size() {
    return bytes.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Levels levels && names.equals(levels.names);
  }

  @Override
  public int hashCode() {
    return names.hashCode();
  }

  @Override
  public String toString() {
    return names.toString();
  }
}
