import { viewName } from '../address.js';

/** Views with plots. */
const PLOTTED = ['trajectories', 'scaling', 'continued'];

let library;

/** ECharts, when the first plot is wanted. It is a classic script: as a module it says nothing. */
export function echarts() {
  library ??= import('/page/lib/echarts/echarts.min.js').then(
    () => globalThis.echarts,
    error => {
      library = undefined;
      throw error;
    },
  );
  return library;
}

/** Has the browser read it; whoever plots is told if that fails. */
const preload = () => {
  echarts().catch(() => undefined);
};

// Beside the rest of the page where its view has plots, else when there is nothing more to do.
if (PLOTTED.includes(viewName())) {
  preload();
} else {
  addEventListener('load', () => (window.requestIdleCallback ?? setTimeout)(preload));
}
