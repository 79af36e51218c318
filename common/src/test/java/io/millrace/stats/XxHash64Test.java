package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import org.junit.jupiter.api.Test;

class XxHash64Test {

  private final JsonNode reference = Reference.figures("hashes");

  @Test
  void hashesOfBytesAreThoseOfTheReference() {
    byte[] bytes = new byte[125];
    for (int i = 0; i < 120; i++) {
      bytes[i + 5] = (byte) ((7 * i + 1) % 251);
    }
    long[] prefixes = Reference.longs(reference.get("prefixes"));
    assertThat(prefixes).hasSize(121);
    for (int length = 0; length < prefixes.length; length++) {
      assertThat(XxHash64.hash(bytes, 5, length)).isEqualTo(prefixes[length]);
    }
    assertThatThrownBy(() -> XxHash64.hash(bytes, 100, 26))
        .isInstanceOf(IndexOutOfBoundsException.class)
        .hasMessage("Range [100, 100 + 26) out of bounds for length 125");
  }

  @Test
  void hashesOfLongsAreThoseOfTheReference() {
    assertThat(reference.get("longs")).hasSize(7);
    for (JsonNode one : reference.get("longs")) {
      assertThat(XxHash64.hash(one.get("value").asLong())).isEqualTo(one.get("hash").asLong());
    }
  }

  @Test
  void equalDoublesHaveOneHash() {
    assertThat(XxHash64.hash(-0.0)).isEqualTo(XxHash64.hash(0.0));
    double otherNan = Double.longBitsToDouble(0x7ff0000000000123L);
    assertThat(XxHash64.hash(otherNan)).isEqualTo(XxHash64.hash(Double.NaN));
    assertThat(XxHash64.hash(2.5))
        .isEqualTo(XxHash64.hash(Double.doubleToLongBits(2.5)))
        .isNotEqualTo(XxHash64.hash(-2.5));
  }
}
