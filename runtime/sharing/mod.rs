//! Sharing: views of arrays that a loop writes.
