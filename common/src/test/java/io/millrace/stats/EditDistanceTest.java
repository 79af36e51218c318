package io.millrace.stats;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class EditDistanceTest {

  @Test
  void findsTheNearestName() {
    assertThat(EditDistance.between("kitten", "sitting")).isEqualTo(3);
    assertThat(EditDistance.between("", "abc")).isEqualTo(3);
    assertThat(EditDistance.nearest("acu", List.of("rows", "auc", "f1"))).hasValue("auc");
    assertThat(EditDistance.nearest("acu", List.of())).isEmpty();
  }
}
