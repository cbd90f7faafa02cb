//! Runs the answer to the exercise `test_point`; `remote::test_point` is the other end.

fn main() {
    wire::serve::<_, (), _>(|(): (), _| {
        let point = answer::test_point();
        (point.x, point.y, point.w, point.b)
    });
}
