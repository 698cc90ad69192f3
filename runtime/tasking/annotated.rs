//! What the attribute `#[task]` lowers to, beside the calls that everybody has.

/// What a task takes along. It is moved into the task's closure as a whole, whatever is in it: a closure that is not
/// `move` would borrow what is `Copy`.
pub struct Own<T>(T);

impl<T> Own<T> {
    /// Packs it.
    #[inline(always)]
    pub fn new(own: T) -> Self {
        Own(own)
    }
    /// Unpacks it, inside the closure.
    #[inline(always)]
    pub fn take(self) -> T {
        self.0
    }
}
