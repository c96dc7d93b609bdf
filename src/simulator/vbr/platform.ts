/** VBR gives vSphere this id, and every other platform that is not a custom one as well. */
export const PLATFORM_ID = '00000000-0000-0000-0000-000000000000';

/** vSphere, as VBR names it in everything it shows. */
export const VSPHERE = { platformName: 'VMware', platformId: PLATFORM_ID } as const;
