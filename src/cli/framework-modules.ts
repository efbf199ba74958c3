import type { FrameworkModules } from '../crawler/module-importer.ts';

/** The framework's public modules as spiders import them: the very copy that runs. */
export async function frameworkModules(): Promise<FrameworkModules> {
  const [orbweaver, middlewares, pipelines, spiders, testing] = await Promise.all([
    import('../index.ts'),
    import('../../middlewares/index.ts'),
    import('../../pipelines/index.ts'),
    import('../../spiders/index.ts'),
    import('../testing/index.ts'),
  ]);
  return {
    orbweaver,
    'orbweaver/middlewares': middlewares,
    'orbweaver/pipelines': pipelines,
    'orbweaver/spiders': spiders,
    'orbweaver/testing': testing,
  };
}
