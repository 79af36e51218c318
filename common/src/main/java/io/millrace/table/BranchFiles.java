package io.millrace.table;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.UnavailableException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.FileStatus;
import org.apache.hadoop.fs.LocatedFileStatus;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.RemoteIterator;

/**
 * The data files that a merge may yet bring to main: those on branches, and those that rehearsals
 * name. A merge that didn't land leaves copies of them in main's folders under the same names, and
 * the next one takes them as they are, however old.
 */
public final class BranchFiles {

  private static final Pattern COMMIT = Pattern.compile(".*/_delta_log/[0-9]{20}\\.json");
  private static final int TRIES = 5;

  private BranchFiles() {}

  /**
   * Their names.
   *
   * <p>Branches are looked at first: where one is dropped while its merge lands, the rehearsal
   * stays until each table of main has its commit.
   *
   * @throws UnavailableException where a branch is written all the while
   */
  public static Set<String> names(Lake main) {
    List<Path> branches = new ArrayList<>();
    for (Path folder : folders(main)) {
      if (!Landing.isRehearsal(folder)) {
        branches.add(folder);
      }
    }
    Set<String> names = new HashSet<>();
    branches.forEach(branch -> addFiles(main, branch, names));
    for (Path folder : folders(main)) {
      if (Landing.isRehearsal(folder)) {
        addFiles(main, folder, names).forEach(commit -> addNamed(main, commit, names));
      }
    }
    return names;
  }

  private static List<Path> folders(Lake main) {
    List<Path> folders = new ArrayList<>();
    try {
      for (FileStatus folder : main.files().listStatus(main.path(Landing.BRANCHES))) {
        folders.add(folder.getPath());
      }
      return folders;
    } catch (FileNotFoundException e) {
      return List.of(); // no branch was ever made
    } catch (IOException e) {
      throw unlisted(new Path(Landing.BRANCHES), e);
    }
  }

  /** Adds the names of a folder's data files and gives its commits. */
  private static List<Path> addFiles(Lake main, Path folder, Set<String> names) {
    FileNotFoundException changed = null;
    for (int i = 0; i < TRIES; i++) {
      List<Path> commits = new ArrayList<>();
      try {
        RemoteIterator<LocatedFileStatus> files = main.files().listFiles(folder, true);
        while (files.hasNext()) {
          Path file = files.next().getPath();
          if (TableFolder.isData(file.getName())) {
            names.add(file.getName());
          } else if (COMMIT.matcher(file.toString()).matches()) {
            commits.add(file);
          }
        }
        return commits;
      } catch (FileNotFoundException e) {
        if (main.status(folder).isEmpty()) {
          return commits;
        }
        changed = e;
      } catch (IOException e) {
        throw unlisted(folder, e);
      }
    }
    throw new UnavailableException(
        folder + ": was changed while it was listed; try again", changed);
  }

  private static void addNamed(Lake main, Path commit, Set<String> names) {
    Optional<List<ObjectNode>> actions = LogActions.read(main, commit);
    for (ObjectNode action : actions.orElse(List.of())) {
      String path = action.path("add").path("path").asText();
      // A rehearsal begins with all files of main, which are needed for what main needs them for.
      if (path.contains("/" + Landing.BRANCHES + "/")) {
        names.add(LogActions.file(path).getName());
      }
    }
  }

  private static UnavailableException unlisted(Path folder, IOException e) {
    return new UnavailableException(folder + ": can't be listed: " + e.getMessage(), e);
  }
}
