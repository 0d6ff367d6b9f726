// Types that modules below the field app share with it. Written here and not as imports in comments, since those are
// followed too when files get their hashed names, and would run in a circle.

type FieldApp = import('../field/app.js').App;
