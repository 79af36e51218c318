package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.FileNotFoundException;
import java.io.ObjectInputStream;
import java.io.ObjectOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.EnumSet;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.CreateFlag;
import org.apache.hadoop.fs.FSDataOutputStream;
import org.apache.hadoop.fs.FileContext;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.LocalFileSystem;
import org.apache.hadoop.fs.Options;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.permission.FsPermission;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Hadoop's own local file system does the same, by processes. */
class LocalFilesTest {

  private static final URI LOCAL = URI.create("file:///");

  private final LocalFiles ours = new LocalFiles();
  private final LocalFileSystem theirs = new LocalFileSystem();

  @TempDir java.nio.file.Path folder;

  @BeforeEach
  void open() throws Exception {
    ours.initialize(LOCAL, configuration());
    theirs.initialize(LOCAL, new Configuration());
  }

  private static Configuration configuration() {
    Configuration configuration = new Configuration();
    LocalFiles.SETTINGS.forEach(configuration::set);
    return configuration;
  }

  @Test
  void filesAndFoldersGetThePermissionsOfHadoop() throws Exception {
    write(ours, at("a/b/ours"));
    write(theirs, at("c/d/theirs"));
    for (String[] pair :
        new String[][] {
          {"a", "c"},
          {"a/b", "c/d"},
          {"a/b/ours", "c/d/theirs"},
          {"a/b/.ours.crc", "c/d/.theirs.crc"}
        }) {
      assertThat(Files.getPosixFilePermissions(folder.resolve(pair[0])))
          .isEqualTo(Files.getPosixFilePermissions(folder.resolve(pair[1])));
    }
    assertThat(theirs.open(at("a/b/ours")).readAllBytes()).isEqualTo(bytes());
  }

  @Test
  void eachPermissionIsSetAsHadoopSetsIt() throws Exception {
    write(ours, at("ours"));
    write(theirs, at("theirs"));
    for (short mode : new short[] {0600, 0644, 0421, 0755, 0777, 01755}) {
      ours.setPermission(at("ours"), new FsPermission(mode));
      theirs.setPermission(at("theirs"), new FsPermission(mode));
      assertThat(theirs.getFileStatus(at("ours")).getPermission())
          .isEqualTo(theirs.getFileStatus(at("theirs")).getPermission());
    }
  }

  @Test
  void ownersAndRightsAreThoseOfHadoop() throws Exception {
    write(ours, at("folder/file"));
    ours.setPermission(at("folder/file"), new FsPermission((short) 0640));
    for (String name : new String[] {"folder", "folder/file"}) {
      FileStatus found = ours.getFileStatus(at(name));
      FileStatus expected = theirs.getFileStatus(at(name));
      assertThat(found).isEqualTo(expected);
      assertThat(found.getPermission()).isEqualTo(expected.getPermission());
      assertThat(found.getOwner()).isEqualTo(expected.getOwner());
      assertThat(found.getGroup()).isEqualTo(expected.getGroup());
      assertThat(found.getModificationTime()).isEqualTo(expected.getModificationTime());
    }
    var listed = ours.listFiles(at("folder"), true);
    assertThat(listed.next().getPermission().toShort()).isEqualTo((short) 0640);
    assertThat(listed.hasNext()).isFalse();
  }

  @Test
  void aFileIsDescribedAsByHadoop() throws Exception {
    write(ours, at("folder/file"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("folder/file"));
    Files.createSymbolicLink(folder.resolve("loose"), folder.resolve("nothing"));
    ours.setWorkingDirectory(at("folder"));
    theirs.setWorkingDirectory(at("folder"));
    for (Path path :
        List.of(
            at("folder"),
            at("folder/file"),
            at("link"),
            new Path("file"),
            new Path(folder + "/folder//file"))) {
      assertThat(told(ours.getFileStatus(path))).isEqualTo(told(theirs.getFileStatus(path)));
    }
    for (String name : new String[] {"missing", "folder/missing", "folder/file/below", "loose"}) {
      assertThatThrownBy(() -> ours.getFileStatus(at(name)))
          .as(name)
          .isInstanceOf(FileNotFoundException.class)
          .hasMessage("File %s does not exist", at(name));
    }
    for (String name : new String[] {"folder", "folder/file"}) {
      assertThat(ours.listStatus(at(name))).isEqualTo(theirs.listStatus(at(name))).hasSize(1);
      assertThat(told(ours.listStatus(at(name))[0]))
          .isEqualTo(told(theirs.listStatus(at(name))[0]));
    }
  }

  @Test
  void aStatusIsReadBackWithItsRights() throws Exception {
    write(ours, at("file"));
    ours.setPermission(at("file"), new FsPermission((short) 0640));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ObjectOutputStream out = new ObjectOutputStream(bytes)) {
      out.writeObject(ours.getFileStatus(at("file")));
    }
    try (ObjectInputStream in =
        new ObjectInputStream(new ByteArrayInputStream(bytes.toByteArray()))) {
      FileStatus read = (FileStatus) in.readObject();
      assertThat(read.getPermission().toShort()).isEqualTo((short) 0640);
      assertThat(told(read)).isEqualTo(told(ours.getFileStatus(at("file"))));
    }
  }

  @Test
  void linksAreToldFromFiles() throws Exception {
    write(ours, at("file"));
    Files.createSymbolicLink(folder.resolve("link"), folder.resolve("file"));
    for (String name : new String[] {"file", "link"}) {
      assertThat(ours.getFileLinkStatus(at(name)).isSymlink())
          .as(name)
          .isEqualTo(theirs.getFileLinkStatus(at(name)).isSymlink());
    }
    assertThatThrownBy(() -> ours.getFileLinkStatus(at("missing")))
        .isInstanceOf(FileNotFoundException.class);
  }

  @Test
  void theNewerInterfaceWritesAndRenames() throws Exception {
    FileContext context = FileContext.getFileContext(LOCAL, configuration());
    assertThat(context.getDefaultFileSystem()).isInstanceOf(LocalFiles.Context.class);
    try (FSDataOutputStream out = context.create(at("draft"), EnumSet.of(CreateFlag.CREATE))) {
      out.write(bytes());
    }
    context.rename(at("draft"), at("final"));
    assertThatThrownBy(() -> context.rename(at("draft"), at("other")))
        .isInstanceOf(FileNotFoundException.class);
    write(ours, at("again"));
    assertThatThrownBy(() -> context.rename(at("again"), at("final")))
        .hasMessageContaining("exist");
    context.rename(at("again"), at("final"), Options.Rename.OVERWRITE);
    assertThat(theirs.open(at("final")).readAllBytes()).isEqualTo(bytes());
    assertThat(Files.exists(folder.resolve("draft"))).isFalse();
  }

  /** All fields, without the name of the class. */
  private static String told(FileStatus status) {
    return status.toString().replaceFirst("^\\w+", "");
  }

  private Path at(String name) {
    return new Path(folder.resolve(name).toUri());
  }

  private static byte[] bytes() {
    return "as it is".getBytes(StandardCharsets.UTF_8);
  }

  private static void write(FileSystem files, Path path) throws Exception {
    try (FSDataOutputStream out = files.create(path, true)) {
      out.write(bytes());
    }
  }
}
