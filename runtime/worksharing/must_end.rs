//! A block of a construct that comes to its end: what macros may hide is noticed.

use std::panic::Location;
use std::thread::panicking;

/// Made where a block with macros of the user's begins; dropped without [`end`](MustEnd::end), the block has
/// been left by a `return` in one of them. It left the block alone, for that is a closure, and the code behind
/// would go on as if nothing had happened.
pub struct MustEnd {
    construct: &'static str,
    at: &'static Location<'static>,
    ended: bool,
}

impl MustEnd {
    /// For a block of that construct.
    #[track_caller]
    pub fn new(construct: &'static str) -> Self {
        MustEnd {
            construct,
            at: Location::caller(),
            ended: false,
        }
    }
    /// The block has come to its end.
    pub fn end(&mut self) {
        self.ended = true;
    }
}

impl Drop for MustEnd {
    fn drop(&mut self) {
        if !self.ended && !panicking() {
            panic!(
                "the block of `#[{}]` at {} was left early, by a `return` inside a macro: it leads out of the \
                 block alone, not out of the function",
                self.construct, self.at
            )
        }
    }
}
