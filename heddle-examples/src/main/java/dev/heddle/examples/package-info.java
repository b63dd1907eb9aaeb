/// A census of Java code: which methods are called, and which classes are used by how many others.
///
/// Everything here is a pure function of its arguments and of the class files that they name; nothing here knows of
/// networks or threads. [Census#of] and [PartialCensus#merge] are what a driver ships to workers:
/// ```
///   jrt:/, jars,      ClassSource             Census.of            PartialCensus.merge          Report
///   directories  ---> Listing ---> WorkUnit ------------> partial ------+
///                                  WorkUnit ------------> partial ------+---> partial --+---> page, tables
///                                  WorkUnit ------------> partial ----------------------+
///                     (the caller)            (the workers, worker to worker)              (the caller)
/// ```
@NullMarked
package dev.heddle.examples;

import org.jspecify.annotations.NullMarked;
