package io.millrace.validate;

import java.io.Serializable;

/**
 * The pattern of a text's characters: {@code A} for upper case, {@code a} for other letters, {@code
 * 9} for digits, all other characters as they are, and one of each for a run of them: {@code Aa
 * 9-9} of "Main 12-34". Control characters are {@code ?}; after 32 there follows {@code …}. One
 * array serves all texts.
 */
final class TextPattern implements Serializable {

  private static final long serialVersionUID = 1L;

  private static final int MOST_SYMBOLS = 32;
  private static final int ASCII = 128;
  private static final byte[] CLASSES = new byte[ASCII];
  private static final byte[] MORE = {(byte) 0xe2, (byte) 0x80, (byte) 0xa6};

  static {
    for (int c = 0; c < ASCII; c++) {
      CLASSES[c] =
          (byte)
              (c >= 'A' && c <= 'Z'
                  ? 'A'
                  : c >= 'a' && c <= 'z' ? 'a' : c >= '0' && c <= '9' ? '9' : c < ' ' ? '?' : c);
    }
  }

  private final byte[] bytes = new byte[4 * MOST_SYMBOLS + MORE.length];
  private int length;

  /** The array whose first {@link #length} bytes are the pattern of the last text. */
  byte[] bytes() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Makes the pattern of a text; the text's length in characters. */
  int read(byte[] utf8, int offset, int count) {
    length = 0;
    int end = offset + count;
    int characters = 0;
    int symbols = 0;
    int before = -1;
    for (int at = offset; at < end; characters++) {
      int lead = utf8[at];
      int size = lead >= 0 ? 1 : Math.min(sizeOf(lead), end - at);
      if (symbols <= MOST_SYMBOLS) {
        int symbol = lead >= 0 ? CLASSES[lead] : symbol(utf8, at, size);
        if (symbol != before) {
          before = symbol;
          symbols++;
          append(symbol, symbols, utf8, at, size);
        }
      }
      at += size;
    }
    return characters;
  }

  private void append(int symbol, int symbols, byte[] utf8, int at, int size) {
    if (symbols > MOST_SYMBOLS) {
      System.arraycopy(MORE, 0, bytes, length, MORE.length);
      length += MORE.length;
    } else if (symbol < ASCII) {
      bytes[length++] = (byte) symbol;
    } else {
      System.arraycopy(utf8, at, bytes, length, size);
      length += size;
    }
  }

  private static int sizeOf(int lead) {
    int bits = lead & 0xff;
    return bits < 0xe0 ? bits < 0xc0 ? 1 : 2 : bits < 0xf0 ? 3 : 4;
  }

  private static int symbol(byte[] utf8, int at, int size) {
    if (size == 1) {
      return '?';
    }
    int code = utf8[at] & 0xff >> (size + 1);
    for (int i = 1; i < size; i++) {
      code = code << 6 | utf8[at + i] & 0x3f;
    }
    if (Character.isUpperCase(code)) {
      return 'A';
    } else if (Character.isLetter(code)) {
      return 'a';
    }
    return Character.isDigit(code) ? '9' : Math.max(code, ASCII);
  }
}
