//! An item of a scatter cannot outlive its construct; and the array cannot be read meanwhile.
use phalanx::prelude::*;

fn main() {
    let s = Scatter::new(&[2, 0, 1], [0, 3], 6).unwrap();
    let o = Owners::new(6, 3, |i| [i]).unwrap();
    let mut y = [0; 6];
    region(Static, &mut y, |cx, mut y| {
        let mut kept = None;
        cx.for_each(Static, y.scatter(&s), (), |[a, _], ()| kept = Some(a));
        let mut mine = None;
        cx.for_each(Static, y.owned(&o), (), |a, ()| mine = Some(a));
        cx.for_each(Static, y.scatter(&s), y.reading(), |[a, _], y| *a = y[0]);
        cx.for_each(Static, (y.scatter(&s), y.owned(&o)), (), |([a, _], y), ()| *a = y[0]);
    });
    parallel_for(Static, y.scatter(&s), |[a, _]| *a = y[5]);
    let source = y.owned(&o);
    assert_eq!(y[0], 0);
    parallel_for(Static, source, |mut y| y[0] = 1);
}
