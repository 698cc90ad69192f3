use phalanx::prelude::*;

// A view is lent to a construct by a method that says for what.
fn main() {
    let (mut a, mut sum) = (vec![1.0; 8], 0.0);
    region(Static, (&mut a, shared(&mut sum)), |cx, (a, mut sum)| {
        cx.single(&mut sum, (), |sum, ()| *sum = 1.0);
        cx.single(sum.whole_mut(), &a, |sum, a| *sum = a[0]);
    });
}
