package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Somebody who may have the classes and resources of a code base: the program that they come from,
/// or a worker that loaded them before. Usually a connection; its `toString` names it in errors.
///
/// Several threads ask at once. Two sources that are equal are one.
public interface CodeSource {
  /// Which content is behind these names?
  ///
  /// @param names
  ///          of resources: `org/example/Census.class`, `words.txt`
  /// @return what was asked for and is there, then what will probably be needed next; a name may
  ///         say that another code base owns it ([CodeBases#find])
  /// @throws IOException
  ///           if it cannot be reached or does not answer in time; the next source is asked
  Map<String, ContentHash> find(CodeBaseId codeBase, List<String> names)
      throws IOException, InterruptedException;

  /// @return the contents in the order asked; empty where this source does not have one
  /// @throws IOException
  ///           if it cannot be reached or does not answer in time; the next source is asked
  List<Optional<byte[]>> blobs(List<ContentHash> hashes) throws IOException, InterruptedException;

  /// Whether this is the program that the classes come from, so that what it does not have, nobody
  /// has. It is asked last, to spare it.
  boolean isOrigin();
}
