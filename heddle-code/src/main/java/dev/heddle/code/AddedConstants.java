package dev.heddle.code;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/// Constants to be put behind those that a class file has.
final class AddedConstants {
  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private int count;

  AddedConstants(int count) {
    this.count = count;
  }

  short utf8(String ascii) {
    var text = ascii.getBytes(StandardCharsets.US_ASCII);
    bytes.write(1);
    writeShort(text.length);
    bytes.writeBytes(text);
    return (short) count++;
  }

  short type(String internalName) {
    var name = utf8(internalName);
    bytes.write(7);
    writeShort(name);
    return (short) count++;
  }

  short nameAndType(int name, short type) {
    bytes.write(12);
    writeShort(name);
    writeShort(type);
    return (short) count++;
  }

  private void writeShort(int value) {
    bytes.write(value >> 8);
    bytes.write(value);
  }

  /// The class file with the constants in it.
  byte[] insert(byte[] file, ConstantPool pool) {
    var result = ByteBuffer.allocate(file.length + bytes.size());
    result.put(file, 0, pool.end()).put(bytes.toByteArray()).put(file, pool.end(),
        file.length - pool.end());
    return result.putShort(8, (short) count).array();
  }
}
