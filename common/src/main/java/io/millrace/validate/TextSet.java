package io.millrace.validate;

import io.millrace.stats.XxHash64;
import java.io.Serializable;
import java.util.Arrays;

/** A set of texts by their UTF-8 bytes; looking one up allocates nothing. */
final class TextSet implements Serializable {

  private static final long serialVersionUID = 1L;

  private byte[][] slots = new byte[16][];
  private int size;

  void add(byte[] utf8) {
    int slot = slot(utf8, 0, utf8.length);
    if (slots[slot] == null) {
      slots[slot] = utf8;
      if (2 * ++size > slots.length) {
        byte[][] old = slots;
        slots = new byte[2 * old.length][];
        for (byte[] text : old) {
          if (text != null) {
            slots[slot(text, 0, text.length)] = text;
          }
        }
      }
    }
  }

  boolean contains(TextBytes text) {
    return slots[slot(text.array(), text.offset(), text.length())] != null;
  }

  private int slot(byte[] from, int offset, int length) {
    int mask = slots.length - 1;
    int slot = (int) XxHash64.hash(from, offset, length) & mask;
    while (slots[slot] != null
        && !Arrays.equals(slots[slot], 0, slots[slot].length, from, offset, offset + length)) {
      slot = slot + 1 & mask;
    }
    return slot;
  }
}
