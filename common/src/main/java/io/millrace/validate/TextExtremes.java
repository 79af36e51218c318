package io.millrace.validate;

import java.io.Serializable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** The least and the greatest text by unsigned UTF-8 bytes, of which the first ones count. */
final class TextExtremes implements Serializable {

  private static final long serialVersionUID = 1L;

  static final int LONGEST = 256;

  private byte[] least;
  private byte[] greatest;

  static TextExtremes read(MeasureReader in) {
    TextExtremes read = new TextExtremes();
    if (in.readCount() > 0) {
      read.least = in.readBytes();
      read.greatest = in.readBytes();
    }
    return read;
  }

  void add(TextBytes text) {
    byte[] from = text.array();
    int start = text.offset();
    int end = start + Math.min(LONGEST, text.length());
    if (least == null || Arrays.compareUnsigned(from, start, end, least, 0, least.length) < 0) {
      least = Arrays.copyOfRange(from, start, end);
    }
    if (greatest == null
        || Arrays.compareUnsigned(from, start, end, greatest, 0, greatest.length) > 0) {
      greatest = Arrays.copyOfRange(from, start, end);
    }
  }

  void merge(TextExtremes other) {
    if (other.least == null) {
      return;
    }
    if (least == null || Arrays.compareUnsigned(other.least, least) < 0) {
      least = other.least;
    }
    if (greatest == null || Arrays.compareUnsigned(other.greatest, greatest) > 0) {
      greatest = other.greatest;
    }
  }

  Optional<String> min() {
    return text(least);
  }

  Optional<String> max() {
    return text(greatest);
  }

  void write(MeasureWriter out) {
    out.writeUnsigned(least == null ? 0 : 1);
    if (least != null) {
      out.writeBytes(least);
      out.writeBytes(greatest);
    }
  }

  private static Optional<String> text(byte[] utf8) {
    return Optional.ofNullable(utf8).map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }
}
