package dev.heddle.code;

import dev.heddle.wire.CodeBaseId;
import dev.heddle.wire.ContentHash;
import java.util.ArrayList;
import java.util.List;

/// One search for a name: who is asked, and what each said, for the message if it fails.
final class Inquiry {
  private final CodeBaseId codeBase;
  private final String name;
  private final List<CodeSource> sources;
  private final List<String> said = new ArrayList<>();
  private final List<ContentHash> ahead = new ArrayList<>();
  private boolean originDenied;

  Inquiry(CodeBaseId codeBase, String name, List<CodeSource> sources) {
    this.codeBase = codeBase;
    this.name = name;
    this.sources = sources;
  }

  String name() {
    return name;
  }

  List<CodeSource> sources() {
    return sources;
  }

  void lookAhead(List<ContentHash> hashes) {
    ahead.addAll(hashes);
  }

  void denied(CodeSource source) {
    originDenied |= source.isOrigin();
    said.add(source + " does not have it");
  }

  void failed(CodeSource source, String why) {
    said.add(source + ": " + why);
  }

  /// Whether nobody can have it, as the program that the classes come from does not.
  boolean isFinal() {
    return originDenied;
  }

  /// The content itself, then those that will be needed next and are not here.
  List<ContentHash> wanted(ContentHash hash, BlobCache blobs) {
    var wanted = new ArrayList<ContentHash>();
    wanted.add(hash);
    ahead.stream().filter(other -> !other.equals(hash) && !blobs.contains(other)).distinct()
        .limit(CodeLimits.NAMES_MAX).forEach(wanted::add);
    return wanted;
  }

  String looked() {
    return said.isEmpty() ? "nobody is connected who could have it" : String.join("; ", said);
  }

  String unavailable() {
    return what() + " cannot be loaded now: " + looked()
        + ". The program that it comes from is not connected, or did not answer; the next attempt "
        + "asks again. Keep that program running while its code is in use";
  }

  String interrupted() {
    return what() + " was not loaded: the thread was interrupted; the next attempt asks again";
  }

  private String what() {
    return (Names.isClass(name) ? "the class " + Names.className(name) : "the resource " + name)
        + " of code base " + codeBase;
  }
}
