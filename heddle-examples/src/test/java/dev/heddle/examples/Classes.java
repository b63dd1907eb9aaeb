package dev.heddle.examples;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.classfile.ClassBuilder;
import java.lang.classfile.ClassFile;
import java.lang.classfile.attribute.ModuleAttribute;
import java.lang.constant.ClassDesc;
import java.lang.constant.ConstantDescs;
import java.lang.constant.MethodTypeDesc;
import java.lang.constant.ModuleDesc;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;

/// Class files and jars, made for a test.
final class Classes {
  static final ClassDesc MATH = ClassDesc.of("java.lang.Math");
  private static final MethodTypeDesc INT_INT = MethodTypeDesc.of(ConstantDescs.CD_int,
      ConstantDescs.CD_int);

  private Classes() {}

  /// A class whose method `run` calls `Math.abs(int)` so many times.
  static byte[] calling(String name, int calls) {
    return ClassFile.of().build(ClassDesc.of(name), type -> run(type, calls));
  }

  private static void run(ClassBuilder type, int calls) {
    type.withMethodBody("run", ConstantDescs.MTD_void, ClassFile.ACC_STATIC, code -> {
      for (var i = 0; i < calls; i++) {
        code.iconst_1().invokestatic(MATH, "abs", INT_INT).pop();
      }
      code.return_();
    });
  }

  static byte[] moduleDescriptor(String name) {
    return ClassFile.of().buildModule(ModuleAttribute.of(
        ModuleDesc.of(name),
        builder -> builder.requires(ModuleDesc.of("java.base"),
            ClassFile.ACC_MANDATED, null)));
  }

  static Path write(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.getParent());
    return Files.write(file, bytes);
  }

  static Path jar(Path file, Map<String, byte[]> entries) throws IOException {
    try (var out = Files.newOutputStream(file)) {
      jar(out, entries);
    }
    return file;
  }

  /// Writes `META-INF/MANIFEST.MF` first, as a jar has it.
  private static void jar(OutputStream out, Map<String, byte[]> entries) throws IOException {
    try (var jar = new JarOutputStream(out)) {
      var manifest = entries.get("META-INF/MANIFEST.MF");
      if (manifest != null) {
        entry(jar, "META-INF/MANIFEST.MF", manifest);
      }
      for (var entry : entries.entrySet()) {
        if (!entry.getKey().equals("META-INF/MANIFEST.MF")) {
          entry(jar, entry.getKey(), entry.getValue());
        }
      }
    }
  }

  private static void entry(JarOutputStream jar, String name, byte[] bytes) throws IOException {
    jar.putNextEntry(new JarEntry(name));
    jar.write(bytes);
    jar.closeEntry();
  }
}
