//! A variable from outside is all threads': the body cannot write it.
use phalanx::prelude::*;

fn main() {
    let mut sum = 0;
    region(Static, (), |cx, ()| {
        cx.for_each(Static, 0..100, (), |i, ()| sum += i);
    });
    println!("{sum}");
}
