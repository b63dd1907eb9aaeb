@NullMarked
package dev.heddle.worker.spill;

import org.jspecify.annotations.NullMarked;
