package io.millrace.table;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.platform.engine.TestEngine;

class HadoopResourcesTest {

  private static final String SITE = "core-site.xml";

  @TempDir Path folder;

  @Test
  void aSiteFileOfAFolderIsFoundAndNoJarIsOpenedForOne() throws Exception {
    Path jar = folder.resolve("some.jar");
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar))) {
      for (String name : new String[] {SITE, "other.xml"}) {
        out.putNextEntry(new JarEntry(name));
        out.closeEntry();
      }
    }
    Path conf = Files.createDirectory(folder.resolve("conf"));
    Path last = Files.createDirectory(folder.resolve("last"));
    String classPath = String.join(File.pathSeparator, "" + jar, "" + conf, "" + last);
    try (URLClassLoader parent = new URLClassLoader(new URL[] {jar.toUri().toURL()}, null)) {
      HadoopResources files = new HadoopResources(parent, classPath);
      assertThat(files.getResource(SITE)).isNull();
      assertThat(files.getResource("other.xml")).isNotNull();

      Files.writeString(last.resolve(SITE), "<configuration/>");
      assertThat(files.getResource(SITE)).isEqualTo(last.resolve(SITE).toUri().toURL());
      Files.writeString(conf.resolve(SITE), "<configuration/>");
      assertThat(files.getResource(SITE)).isEqualTo(conf.resolve(SITE).toUri().toURL());
    }
  }

  /** Also where a new Hadoop announces more. */
  @Test
  void everyFileSystemThatIsAnnouncedIsNamed() throws Exception {
    ClassLoader plain = getClass().getClassLoader();
    Configuration settings = new Configuration();
    HadoopResources.SETTINGS.forEach(settings::set);
    LocalFiles.SETTINGS.forEach(settings::set);
    List<String> announced = new ArrayList<>();
    for (FileSystem any : ServiceLoader.load(FileSystem.class, plain)) {
      // The one for S3 that Hadoop gave up only says that it was given up.
      if (!any.getClass().getName().endsWith("NativeS3FileSystem")) {
        announced.add(any.getScheme());
        Class<?> named = settings.getClass("fs." + any.getScheme() + ".impl", null);
        assertThat(named).as(any.getScheme()).isNotNull().isAssignableTo(any.getClass());
      }
    }
    assertThat(announced).contains("file", "hdfs", "viewfs");
    ClassLoader ours = new HadoopResources(plain, System.getProperty("java.class.path"));
    assertThat(ServiceLoader.load(FileSystem.class, ours)).isEmpty();
    assertThat(ServiceLoader.load(TestEngine.class, ours)).isNotEmpty();
  }

  @Test
  void settingsAreThoseOfHadoop() {
    Configuration plain = new Configuration();
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    thread.setContextClassLoader(
        new HadoopResources(before, System.getProperty("java.class.path")));
    try {
      Configuration read = new Configuration();
      assertThat(read).containsExactlyInAnyOrderElementsOf(plain).isNotEmpty();
      assertThat(read.getClassLoader()).isInstanceOf(HadoopResources.class);
      assertThat(read.getClassByNameOrNull(LocalFiles.class.getName())).isSameAs(LocalFiles.class);
    } finally {
      thread.setContextClassLoader(before);
    }
  }
}
