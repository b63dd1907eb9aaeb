@NullMarked
package dev.heddle.worker;

import org.jspecify.annotations.NullMarked;
