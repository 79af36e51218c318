package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.delta.storage.HadoopFileSystemLogStore;
import io.delta.storage.LocalLogStore;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HardLinkLogStoreTest {

  private final Configuration configuration = HadoopSettings.ours();
  private final HardLinkLogStore ours = new HardLinkLogStore(configuration);
  private final HadoopFileSystemLogStore theirs = new LocalLogStore(configuration);

  @TempDir java.nio.file.Path folder;

  private Path at(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private List<FileStatus> listed(HadoopFileSystemLogStore store, String from) throws IOException {
    List<FileStatus> found = new ArrayList<>();
    store.listFrom(at("log/" + from), configuration).forEachRemaining(found::add);
    return found;
  }

  @Test
  void aLogIsListedAsByDelta() throws Exception {
    for (int version = 0; version < 12; version++) {
      ours.write(
          at("log/%020d.json".formatted(version)),
          List.of("{\"v\":" + version + "}").iterator(),
          false,
          configuration);
    }
    Path checkpoint = at("log/00000000000000000010.checkpoint.parquet");
    try (var out = checkpoint.getFileSystem(configuration).create(checkpoint)) {
      out.write(1); // with a checksum beside it, which isn't listed
    }
    Files.writeString(folder.resolve("log/00000000000000000011.crc"), "{}");
    Files.writeString(folder.resolve("log/_last_checkpoint"), "{}");
    Files.writeString(folder.resolve("log/.00000000000000000012.json.draft"), "half");
    Files.createDirectories(folder.resolve("log/_sidecars"));
    Files.writeString(folder.resolve("log/left by: someone"), "");

    for (String from :
        new String[] {
          ".", "00000000000000000000.", "00000000000000000010.", "00000000000000000011.json", "~"
        }) {
      assertThat(listed(ours, from)).isEqualTo(listed(theirs, from));
    }
    assertThat(listed(ours, "00000000000000000010."))
        .extracting(status -> status.getPath().getName())
        .containsExactly(
            "00000000000000000010.checkpoint.parquet",
            "00000000000000000010.json",
            "00000000000000000011.crc",
            "00000000000000000011.json",
            "_last_checkpoint",
            "_sidecars",
            "left by: someone");
    assertThatThrownBy(() -> ours.listFrom(at("absent/0"), configuration))
        .isInstanceOf(FileNotFoundException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void aCommitThatIsThereIsNeverReplaced() throws Exception {
    Path commit = at("log/00000000000000000000.json");
    ours.write(commit, List.of("first").iterator(), false, configuration);
    assertThatThrownBy(() -> ours.write(commit, List.of("second").iterator(), false, configuration))
        .isInstanceOf(FileAlreadyExistsException.class);
    assertThat(folder.resolve("log")).isDirectoryContaining("glob:**.json");
    assertThat(Files.readString(folder.resolve("log/00000000000000000000.json")))
        .isEqualTo("first\n");
    try (var left = Files.list(folder.resolve("log"))) {
      assertThat(left).hasSize(1);
    }
  }
}
