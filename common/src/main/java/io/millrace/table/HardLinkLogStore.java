package io.millrace.table;

import io.delta.storage.HadoopFileSystemLogStore;
import java.io.BufferedWriter;
import java.io.File;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.ChecksumFileSystem;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;

/**
 * Delta's log on {@code file:} for more than one process. Delta's own local store checks that the
 * commit isn't there and then renames, so two processes can both win. A hard link to an existing
 * name fails in the kernel of the operating system, so here exactly one does.
 *
 * <p>The file is flushed to the disk before it gets its name: a commit that is seen is whole.
 */
public final class HardLinkLogStore extends HadoopFileSystemLogStore {

  public HardLinkLogStore(Configuration configuration) {
    super(configuration);
  }

  @Override
  public void write(
      org.apache.hadoop.fs.Path path,
      Iterator<String> actions,
      Boolean overwrite,
      Configuration configuration)
      throws IOException {
    Path target = Path.of(path.toUri().getPath());
    Files.createDirectories(target.getParent());
    Path draft = target.resolveSibling("." + target.getFileName() + "." + UUID.randomUUID());
    try {
      writeLines(draft, actions);
      if (overwrite) {
        Files.move(
            draft, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
      } else {
        link(draft, target);
      }
    } finally {
      Files.deleteIfExists(draft);
    }
  }

  /**
   * The files of a log from a name on, in order. Delta's own asks the system about every file of
   * the folder and then leaves out those before; a long log's newest commits are few.
   */
  @Override
  public Iterator<FileStatus> listFrom(org.apache.hadoop.fs.Path path, Configuration configuration)
      throws IOException {
    org.apache.hadoop.fs.Path folder = path.getParent();
    String[] names = new File(folder.toUri().getPath()).list();
    if (names == null) {
      return super.listFrom(path, configuration); // says what the folder lacks
    }
    FileSystem files = folder.getFileSystem(configuration);
    String from = path.getName();
    Arrays.sort(names);
    List<FileStatus> found = new ArrayList<>();
    for (String name : names) {
      if (name.compareTo(from) < 0) {
        continue;
      }
      // Not read as a URI, which a name with a colon isn't.
      var file = new org.apache.hadoop.fs.Path(null, null, name);
      if (!ChecksumFileSystem.isChecksumFile(file)) {
        try {
          found.add(files.getFileStatus(new org.apache.hadoop.fs.Path(folder, file)));
        } catch (FileNotFoundException e) {
          // Deleted since, as old commits are.
        }
      }
    }
    return found.iterator();
  }

  private static void link(Path draft, Path target) throws IOException {
    try {
      Files.createLink(target, draft);
    } catch (FileAlreadyExistsException e) {
      // Delta and Kernel tell a lost race by this very class.
      throw new FileAlreadyExistsException(target.toString());
    }
  }

  private static void writeLines(Path draft, Iterator<String> lines) throws IOException {
    try (FileChannel channel =
            FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        BufferedWriter writer =
            new BufferedWriter(
                java.nio.channels.Channels.newWriter(channel, StandardCharsets.UTF_8))) {
      while (lines.hasNext()) {
        writer.write(lines.next());
        writer.write('\n');
      }
      writer.flush();
      channel.force(true);
    }
  }

  /**
   * True: a commit gets its name when it is whole, but a checkpoint is written by its author
   * without passing here, and a file grows under the eyes of its readers. Told so, Delta and Kernel
   * write it beside and rename it.
   */
  @Override
  public Boolean isPartialWriteVisible(
      org.apache.hadoop.fs.Path path, Configuration configuration) {
    return true;
  }
}
