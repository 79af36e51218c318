package io.millrace.ingest;

import io.millrace.DataException;
import io.millrace.SpecException;
import io.millrace.UnavailableException;
import io.millrace.config.SourceSpec;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.UnsupportedFileSystemException;

/** The files that a source has. */
public final class SourceFiles {

  private static final int BUFFER = 1 << 16;
  private static final int NAMED = 5;

  private SourceFiles() {}

  /**
   * The files of a source in the order of their names; of a Delta table, the data files of its
   * newest version. A folder that the glob matches stands for all files below it. Names that start
   * with {@code .} or {@code _} are hidden. None where files match but all are of later days: the
   * source may have begun after the date.
   *
   * @param dateEnd first day that isn't reached yet: a file with that day or a later one in its
   *     name isn't there
   * @throws DataException if no file matches, or one is empty
   * @throws SpecException if no file system goes by the path's scheme
   * @throws UnavailableException if the file system can't be read
   */
  public static List<SourceFile> list(SourceSpec spec, LocalDate dateEnd, Configuration hadoop) {
    return due(all(spec, hadoop), dateEnd);
  }

  /** Those of some files that are there at a date; see {@link #list}. */
  public static List<SourceFile> due(List<SourceFile> all, LocalDate dateEnd) {
    List<SourceFile> due =
        all.stream().filter(file -> file.day().stream().allMatch(dateEnd::isAfter)).toList();
    due.stream().filter(file -> file.bytes() == 0).findFirst().ifPresent(SourceFiles::refuse);
    return due;
  }

  /** The files of a source, of whatever day; see {@link #list}. */
  public static List<SourceFile> all(SourceSpec spec, Configuration hadoop) {
    try {
      return spec instanceof SourceSpec.Delta
          ? DeltaFiles.list(spec.path(), hadoop)
          : matching(PathPattern.of(spec.path()), hadoop);
    } catch (UnsupportedFileSystemException e) {
      throw new SpecException(
          "%s: %s; check the path, or add the file system's jar"
              .formatted(spec.path(), e.getMessage()),
          e);
    } catch (IOException e) {
      throw new UnavailableException("%s: %s".formatted(spec.path(), e.getMessage()), e);
    }
  }

  private static void refuse(SourceFile empty) {
    throw new DataException(
        "%s: the file is empty (0 bytes); bring it again, or take it away".formatted(empty.uri()));
  }

  private static List<SourceFile> matching(PathPattern pattern, Configuration hadoop)
      throws IOException {
    Path glob = new Path(pattern.glob());
    FileSystem fs = glob.getFileSystem(hadoop);
    FileStatus[] found =
        pattern.isPlain() ? plain(fs, glob) : fs.globStatus(fs.makeQualified(glob));
    List<FileStatus> files = new ArrayList<>();
    for (FileStatus status : found == null ? new FileStatus[0] : found) {
      below(fs, status, files);
    }
    if (files.isEmpty()) {
      throw new DataException(
          "%s: no file matches; %s".formatted(pattern.text(), nearest(fs, pattern)));
    }
    String root = root(fs, pattern, found[0]);
    return files.stream()
        .map(status -> file(status, root, pattern))
        .sorted(Comparator.comparing(SourceFile::name))
        .toList();
  }

  private static FileStatus[] plain(FileSystem fs, Path path) throws IOException {
    return fs.exists(path) ? new FileStatus[] {fs.getFileStatus(path)} : new FileStatus[0];
  }

  private static void below(FileSystem fs, FileStatus status, List<FileStatus> files)
      throws IOException {
    if (isHidden(status.getPath().getName())) {
      return;
    }
    if (status.isFile()) {
      files.add(status);
      return;
    }
    for (FileStatus child : fs.listStatus(status.getPath())) {
      below(fs, child, files);
    }
  }

  private static boolean isHidden(String name) {
    return name.startsWith(".")
        || name.startsWith("_") && !name.contains("=")
        || name.endsWith("._COPYING_");
  }

  /** The fixed folder with a slash at its end: names are relative to it. */
  private static String root(FileSystem fs, PathPattern pattern, FileStatus first) {
    Path fixed =
        pattern.fixed().isEmpty()
            ? fs.getWorkingDirectory()
            : fs.makeQualified(new Path(pattern.fixed()));
    boolean folder = !pattern.isPlain() || first.isDirectory();
    String root = (folder ? fixed : fixed.getParent()).toString();
    return root.endsWith("/") ? root : root + "/";
  }

  private static SourceFile file(FileStatus status, String root, PathPattern pattern) {
    String uri = status.getPath().toString();
    String name = uri.startsWith(root) ? uri.substring(root.length()) : status.getPath().getName();
    return new SourceFile(
        name, uri, status.getLen(), status.getModificationTime(), pattern.day(name));
  }

  private static String nearest(FileSystem fs, PathPattern pattern) throws IOException {
    String start = pattern.fixed().isEmpty() ? "." : pattern.fixed();
    Path folder = fs.makeQualified(new Path(start));
    while (folder.getParent() != null && !isFolder(fs, folder)) {
      folder = folder.getParent();
    }
    if (!isFolder(fs, folder)) {
      return "not even " + folder + " exists";
    }
    FileStatus[] held = fs.listStatus(folder);
    List<String> names =
        Arrays.stream(held)
            .map(status -> status.getPath().getName() + (status.isDirectory() ? "/" : ""))
            .sorted()
            .toList();
    String some = names.stream().limit(NAMED).collect(Collectors.joining(", "));
    String more = names.size() > NAMED ? " and %d more".formatted(names.size() - NAMED) : "";
    return "%s holds %s".formatted(folder, names.isEmpty() ? "nothing" : some + more);
  }

  private static boolean isFolder(FileSystem fs, Path path) throws IOException {
    return fs.exists(path) && fs.getFileStatus(path).isDirectory();
  }

  /**
   * SHA-256 of a file's bytes, 64 hex digits.
   *
   * @throws UnavailableException if it can't be read to its end
   */
  public static String sha256(SourceFile file, Configuration hadoop) {
    try (InputStream in = open(file, hadoop)) {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      byte[] buffer = new byte[BUFFER];
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
      return HexFormat.of().formatHex(digest.digest());
    } catch (IOException e) {
      throw new UnavailableException("%s: %s".formatted(file.uri(), e.getMessage()), e);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  /** The bytes of a file as they are. */
  static InputStream open(SourceFile file, Configuration hadoop) throws IOException {
    Path path = new Path(file.uri());
    return path.getFileSystem(hadoop).open(path);
  }
}
