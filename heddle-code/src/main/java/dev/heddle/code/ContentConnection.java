package dev.heddle.code;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.URL;
import java.net.URLConnection;

/// Leads to bytes that a class loader has in memory, and no file has. For one thread at a time, like any connection.
public final class ContentConnection extends URLConnection {
  private final byte[] content;

  /// @param content not copied: nobody changes it
  public ContentConnection(URL url, byte[] content) {
    super(url);
    this.content = content;
  }

  @Override
  public void connect() {
    connected = true;
  }

  @Override
  public InputStream getInputStream() {
    return new ByteArrayInputStream(content);
  }

  @Override
  public long getContentLengthLong() {
    return content.length;
  }
}
