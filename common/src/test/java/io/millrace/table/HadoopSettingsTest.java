package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.mapred.JobConf;
import org.junit.jupiter.api.Test;

class HadoopSettingsTest {

  private static Map<String, String> settings(Configuration configuration) {
    Map<String, String> settings = new TreeMap<>();
    configuration.forEach(entry -> settings.put(entry.getKey(), entry.getValue()));
    return settings;
  }

  private static byte[] written(Configuration configuration) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    configuration.write(new DataOutputStream(bytes));
    return bytes.toByteArray();
  }

  @Test
  void settingsStayAndTheirOriginsAreNotSent() throws IOException {
    Configuration whole = new JobConf();
    whole.set("fs.ours", "1");
    Map<String, String> settings = settings(whole);
    int size = written(whole).length;
    assertThat(whole.getPropertySources("io.file.buffer.size")).containsExactly("core-default.xml");

    HadoopSettings.forgetOrigins(whole);

    Configuration copy = new Configuration(whole);
    copy.set("fs.theirs", "2");
    assertThat(whole.getPropertySources("io.file.buffer.size")).isNull();
    assertThat(copy.getPropertySources("io.file.buffer.size")).isNull();
    assertThat(settings(whole)).isEqualTo(settings).hasSizeGreaterThan(500);
    assertThat(written(whole).length).isLessThan(size * 3 / 4);
    Configuration read = new Configuration(false);
    read.readFields(new DataInputStream(new ByteArrayInputStream(written(copy))));
    settings.put("fs.theirs", "2");
    assertThat(settings(read)).isEqualTo(settings);
  }

  /** Classes that bring defaults when they are first used have brought them. */
  @Test
  void nothingComesLater() {
    Configuration configuration = new Configuration();
    HadoopSettings.forgetOrigins(configuration);
    Map<String, String> settings = settings(configuration);

    assertThat(settings(new JobConf(configuration))).isEqualTo(settings);
    assertThat(settings).containsKey("mapreduce.job.maps");
    assertThat(configuration.getPropertySources("mapreduce.job.maps")).isNull();
  }
}
