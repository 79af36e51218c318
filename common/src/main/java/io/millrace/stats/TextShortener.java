package io.millrace.stats;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * What stands for a text of more than {@value #LONGEST} bytes: its beginning, a mark, and 16 hex
 * digits of its hash, of as many bytes at the most. One array serves all texts.
 */
final class TextShortener implements Serializable {

  private static final long serialVersionUID = 1L;

  static final int LONGEST = 256;

  private static final byte[] MARK = "…#".getBytes(StandardCharsets.UTF_8);
  private static final int HEX_DIGITS = 16;

  private final byte[] bytes = new byte[LONGEST];

  /** The array that holds what {@link #shorten} wrote. */
  byte[] bytes() {
    return bytes;
  }

  /** Writes what stands for a text; its length. */
  int shorten(byte[] utf8, int offset, int length) {
    int prefix = LONGEST - MARK.length - HEX_DIGITS;
    // not within a character: at most 3 bytes continue one
    for (int i = 0; i < 3 && (utf8[offset + prefix] & 0xc0) == 0x80; i++) {
      prefix--;
    }
    System.arraycopy(utf8, offset, bytes, 0, prefix);
    System.arraycopy(MARK, 0, bytes, prefix, MARK.length);
    String hex = HexFormat.of().toHexDigits(XxHash64.hash(utf8, offset, length));
    int end = prefix + MARK.length;
    for (int i = 0; i < HEX_DIGITS; i++) {
      bytes[end + i] = (byte) hex.charAt(i);
    }
    return end + HEX_DIGITS;
  }
}
